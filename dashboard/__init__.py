"""What people see: pages, charts and words over the marts; the command line beside them."""
