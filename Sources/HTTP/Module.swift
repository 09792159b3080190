/// `HTTP` is server and client.
