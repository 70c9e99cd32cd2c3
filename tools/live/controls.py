"""What the page needs to know of the controls of a widget, to make the same ones."""

PARTS = ("label", "value", "min", "max", "step", "options", "texts", "standard", "hint")


def slider_data(slider):
    """Describe a `controls.Slider` for `drawSlider` in controls.js."""
    return {name: getattr(slider, name) for name in PARTS}


def choice_data(choice):
    """Describe a `controls.Choice` for `drawChoice` in controls.js."""
    options = dict(choice.options)
    return {
        "name": choice.description,
        "texts": list(options),
        "values": list(options.values()),
        "value": choice.value,
    }
