"""The gates for text messages the core brings."""

from ebok.notifications.channels.smsapi import SmsApi
from ebok.notifications.demo_mailbox import DemoGate

message_channels = [SmsApi(), DemoGate()]
