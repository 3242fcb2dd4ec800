"""Order bodies: what Apiframe was asked for, word for word, so that an order can be repeated; and jobs by their id."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column; without a value, nothing was asked for yet, or an older version asked."""
    op.add_column("generations", sa.Column("order_body", sa.Text()))
    op.create_index("generations_by_job", "generations", ["job_id"])


def downgrade() -> None:
    """Forget the bodies."""
    op.drop_index("generations_by_job", "generations")
    with op.batch_alter_table("generations") as table:
        table.drop_column("order_body")
