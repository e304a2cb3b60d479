"""What a person is asked, in words that a tired health visitor understands at five o'clock."""
