"""Divide una grabación en ventanas con solapamiento."""


def ventanas(muestras, largo, paso):
    """Las ventanas completas, en orden; la última, incompleta, se descarta."""
    if largo <= 0 or paso <= 0:
        raise ValueError("largo y paso deben ser positivos")
    return [muestras[i : i + largo] for i in range(0, len(muestras) - largo + 1, paso)]
