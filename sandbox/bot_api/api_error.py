"""How the Bot API says no: a code and Telegram's own sentence."""

from typing import Any


class ApiError(Exception):
    """A call is refused: `code` is the HTTP status and `error_code`, `description` Telegram's wording."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON object that the caller gets."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad(reason: str) -> ApiError:
    """A 400 with Telegram's usual beginning."""
    return ApiError(400, f"Bad Request: {reason}")


def blocked() -> ApiError:
    """The person has blocked the bot."""
    return ApiError(403, "Forbidden: bot was blocked by the user")


def never_started() -> ApiError:
    """The person exists but has never written to the bot."""
    return ApiError(403, "Forbidden: bot can't initiate conversation with a user")


def chat_not_found() -> ApiError:
    """Nobody has this id."""
    return bad("chat not found")
