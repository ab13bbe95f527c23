"""Parts that any page may use: messages, charts, tables, navigation, style, custom components.

Imports no other package of `pages.components`."""
