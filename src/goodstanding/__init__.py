"""Good Standing: customer relations and trade receivables in one book of promises."""
