"""E, the measure of all things here: a stock aiogram bot that edits the message and answers the press."""

from __future__ import annotations

import sys

import uvloop
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

KEYBOARD = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Ещё", callback_data="again")]])


async def greet(message: Message) -> None:
    """The message with the button."""
    await message.answer("Здравствуйте", reply_markup=KEYBOARD)


async def echo(query: CallbackQuery) -> None:
    """Say what was pressed."""
    if isinstance(query.message, Message):
        await query.message.edit_text(f"Вы нажали {query.data}", reply_markup=KEYBOARD)
    await query.answer()


async def main(url: str, token: str) -> None:
    """Poll until terminated."""
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))
    dispatcher = Dispatcher()
    dispatcher.message.register(greet)
    dispatcher.callback_query.register(echo)
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], sys.argv[2]))
