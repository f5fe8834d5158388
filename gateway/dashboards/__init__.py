"""What an operator's Prometheus and Grafana are given: alerting rules, and one dashboard.

Rule: every metric and label named here is one that `/metrics` shows; a test holds them together.
"""
