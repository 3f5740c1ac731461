"""What the user sees: pure screens (text and buttons) and the alphabet of callback data. No session, no Telegram."""
