"""What a site needs to keep the terminology: change, check, compare, exchange, measure and publish it."""
