from tests.stories.driver import Phone, Shop

async def test_x(shop: Shop, anna: Phone, owner: Phone) -> None:
    import time
    for u in ({"quantum_message": {"id": 1}}, {"message": {"message_id": 5}}, {"callback_query": {"id": "1"}}, {"message": "text"}, {"poll": {"id": "1", "question": "?", "options": []}}, {},{"channel_post": {"message_id": 1, "date": 1, "chat": {"id": -100, "type": "channel"}, "text": "Привет"}},
       {"message": {"message_id": 7, "date": 1, "chat": {"id": anna.key, "type": "private"}, "from": {"id": anna.key}, "text": "x"}}):
        t=time.time(); await shop.post("updates", {"update": u}); await shop.settle(); print(u, time.time()-t)
    print(await owner.dump()); print(await anna.dump())
