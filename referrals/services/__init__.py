"""What the front door does that is no change of state: a draft kept, a hand-over written down, people told."""
