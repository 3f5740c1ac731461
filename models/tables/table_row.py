"""What every table shares: the metadata with its names of constraints, and ids.

SQLAlchemy Core: statements are built once, at import, because a tap costs what its statements cost. Times are
`UtcDateTime`, money is whole kopecks, texts are cleaned before they come here.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by INTEGER PRIMARY KEY only; PostgreSQL should have room for more
Id = BigInteger().with_variant(Integer(), "sqlite")


class TableRow(DeclarativeBase):
    """A table, as the shape of its rows.

    Classes are declared so that columns and what stands in them are typed. There is no session and no object of these
    classes: statements over them run on a Core connection and give plain rows.
    """

    metadata = metadata
