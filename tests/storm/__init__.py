"""The storm: the bot is killed at random moments under load, hundreds of times, and nothing is lost (promises 1, 2, 4).

A process that has imported everything forks the bot; Telegram and the people live in another one, and go on while the
bot is dead. What is judged is what people saw on their phones and what stands in the database, never the bot's log.
"""
