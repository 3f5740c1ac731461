"""Trouble reaches a person: noticed, told by the bot, by SMS or e-mail, and told again when it is over."""
