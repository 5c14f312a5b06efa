"""What `new` is made of: the template rendered with somebody's answers."""
