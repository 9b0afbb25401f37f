#include "log/directory_identity.h"

#include "meta_properties.h"
#include "parsed.h"
#include "replica_directory_name.h"

namespace streamscope::log {

namespace {

base::Status checkHasNoReplicas(const storage::Storage& storage) {
  const auto entries = storage.list("");
  if (!entries) return base::fail(storage::toError(entries.error()));
  for (const storage::DirectoryEntry& entry : *entries)
    if (entry.isDirectory && parseReplicaDirectoryName(entry.name))
      return base::fail(base::ErrorCode::KAFKA_STORAGE_ERROR,
                        "The data directory has the replica " + entry.name + " but no " + kMetaPropertiesFile +
                            " that says whose it is; restore that file or choose an empty directory.");
  return {};
}

base::Status checkBelongs(const MetaProperties& found, const DirectoryIdentity& identity) {
  if (found.clusterId == identity.clusterId && found.nodeId == identity.nodeId) return {};
  return base::fail(base::ErrorCode::INCONSISTENT_CLUSTER_ID,
                    std::string(kMetaPropertiesFile) + " says this data directory belongs to node " +
                        std::to_string(found.nodeId) + " of cluster " + found.clusterId + ", not to node " +
                        std::to_string(identity.nodeId) + " of cluster " + identity.clusterId +
                        "; choose another directory or the cluster it was made for.");
}

}  // namespace

base::Result<ClaimedDirectory> claimDirectory(storage::Storage& storage, const DirectoryIdentity& identity) {
  ClaimedDirectory claimed{identity, false};
  const auto bytes = storage.readFile(kMetaPropertiesFile);
  if (!bytes && bytes.error().kind != storage::FaultKind::NotFound) return base::fail(storage::toError(bytes.error()));
  if (!bytes) {
    if (const base::Status empty = checkHasNoReplicas(storage); !empty) return base::fail(empty.error());
    claimed.isNew = true;
  } else {
    const auto found = parseMetaProperties(*bytes);
    if (!found)
      return base::fail(base::ErrorCode::KAFKA_STORAGE_ERROR,
                        sentence(kMetaPropertiesFile, found.error(), "restore it or choose an empty data directory"));
    if (const base::Status belongs = checkBelongs(*found, identity); !belongs) return base::fail(belongs.error());
    if (found->directoryId) {
      claimed.identity.directoryId = *found->directoryId;
      return claimed;
    }
  }
  const auto written = storage.writeFileAtomically(
      kMetaPropertiesFile, formatMetaProperties({identity.clusterId, identity.nodeId, identity.directoryId}));
  if (!written) return base::fail(storage::toError(written.error()));
  return claimed;
}

}  // namespace streamscope::log
