"""The embedded PostgreSQL: nothing to install, our own child, private socket, peer map."""

from yiwang.foundation.postgres.cluster import Cluster, ClusterError

__all__ = ["Cluster", "ClusterError"]
