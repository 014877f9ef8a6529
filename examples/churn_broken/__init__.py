"""Subscriber churn: a smaller sister of the churn example, with mistakes of every day in it."""
