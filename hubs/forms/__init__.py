"""What the hub’s people are asked. No answer is chosen for anybody; what a decision needs is asked only for that decision."""
