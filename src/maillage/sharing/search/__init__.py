"""Search among listings: a phrase is read into criteria, criteria into one SQL query."""
