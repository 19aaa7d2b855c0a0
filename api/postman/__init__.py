"""The Postman collection: every operation of the OpenAPI document, in an order in which all of them work."""
