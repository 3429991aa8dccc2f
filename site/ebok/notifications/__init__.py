"""Messages to people: stored before they are sent, handed over by the worker, followed to their end.

Rooms above and plugins declare kinds (`ebok.ports.MessageKind`) and call `services.send`; how, where and
when a person is reached is decided here.
"""
