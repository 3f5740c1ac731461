"""search words: deals have words too, a client's phones are found by their ends, and words are kept as stem and ending"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TOKEN = sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql")
AT_ONCE = 1000
CLIENTS = sa.text(
    "SELECT id, name FROM client WHERE merged_into_id IS NULL AND erased_at IS NULL AND id > :after ORDER BY id "
    "LIMIT :most"
)
ADD = sa.text("INSERT INTO client_word (word, client_id) VALUES (:word, :client)")


def upgrade() -> None:
    """Empty tables: what they hold hangs on the process files, so the bot fills them at its start
    (`services.search.word_filling`)."""
    op.drop_table("client_word")
    op.create_table(
        "client_word",
        sa.Column("word", TOKEN, nullable=False),
        sa.Column("client_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_client_word_client_id_client"),
        sa.PrimaryKeyConstraint("word", "client_id", name="pk_client_word"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_client_word_client_id", "client_word", ["client_id", "word"])
    op.create_table(
        "deal_word",
        sa.Column("word", TOKEN, nullable=False),
        sa.Column("deal_id", KEY, nullable=False),
        sa.Column("field", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name="fk_deal_word_deal_id_deal"),
        sa.PrimaryKeyConstraint("word", "deal_id", "field", name="pk_deal_word"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_deal_word_deal_id", "deal_word", ["deal_id", "word"])
    op.execute("DELETE FROM setting WHERE name = 'search_words'")


def downgrade() -> None:
    op.drop_table("deal_word")
    op.drop_table("client_word")
    op.create_table(
        "client_word",
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.Column("client_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_client_word_client_id_client"),
        sa.PrimaryKeyConstraint("word", "client_id", name="pk_client_word"),
    )
    op.execute("DELETE FROM setting WHERE name = 'search_words'")
    tx, after = op.get_bind(), 0
    while rows := tx.execute(CLIENTS, {"after": after, "most": AT_ONCE}).all():
        after = rows[-1].id
        words = [{"word": word, "client": row.id} for row in rows for word in _words(row.name)]
        if words:
            tx.execute(ADD, words)


def _words(name: str) -> list[str]:
    """The words of a name as the version before kept them."""
    found = re.findall(r"[^\W_]+", name.casefold().replace("ё", "е"))
    return list(dict.fromkeys(word[:60] for word in found))
