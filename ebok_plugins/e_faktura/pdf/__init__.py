"""The PDF of a bill: made on first demand, kept, made anew when the bill changes, and handed out."""
