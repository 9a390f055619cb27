"""The pages of the sandbox for people, in a browser: what there is and the last requests at `/`, the OpenAPI document at `/docs`.

The files are in `files`, what others wrote in `third_party`. No page loads anything from elsewhere.
"""
