"""From Telegram to a handler: asked for, stored before they are confirmed, served in order (promise 1)."""
