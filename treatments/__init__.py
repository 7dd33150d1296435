"""What is offered, and who may do it."""
