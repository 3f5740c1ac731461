"""The Bot API as Telegram answers it: methods, parameters, texts, refusals."""
