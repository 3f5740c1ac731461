"""SMS gateways: one protocol, a generic address template, sms.ru, SMS Aero (K-21)."""
