"""Remote reading: states of meters read by radio by the hour or by the day, and what they tell."""
