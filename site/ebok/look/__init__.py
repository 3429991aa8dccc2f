"""The look: colours, logo, text size and contrast, icons, form markup, components."""
