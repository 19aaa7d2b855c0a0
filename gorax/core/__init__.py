"""The pure heart: the language, its messages and its rules. Nothing here touches a network, disk or clock."""
