"""From sound to recognised words."""
