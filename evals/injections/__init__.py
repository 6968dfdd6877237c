"""Documents that try to give a language model orders, and what becomes of them."""
