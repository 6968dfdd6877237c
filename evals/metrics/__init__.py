"""What is measured, one family a module; `measures` names them all."""
