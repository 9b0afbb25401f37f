#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/uuid.h"
#include "protocol/metadata_records.h"

namespace streamscope::controller {

/// The parts of a cluster's metadata that no node here decides with: registered controllers, client quotas, access
/// control, SCRAM credentials, delegation tokens. A log of Kafka's may hold them; they are kept so that a snapshot of
/// it loses nothing. Kafka: ClusterImage.controllers, ClientQuotasImage, AclsImage, ScramImage, DelegationTokenImage.
class KeptRecords {
 public:
  void apply(const protocol::RegisterControllerRecord& record);
  void apply(const protocol::ClientQuotaRecord& record);
  void apply(const protocol::AccessControlEntryRecord& record);
  void apply(const protocol::RemoveAccessControlEntryRecord& record);
  void apply(const protocol::UserScramCredentialRecord& record);
  void apply(const protocol::RemoveUserScramCredentialRecord& record);
  void apply(const protocol::DelegationTokenRecord& record);
  void apply(const protocol::RemoveDelegationTokenRecord& record);
  /// Nothing is left of these: a tick of the log, the way from ZooKeeper (Kafka 4 forgets it, too), the marks of
  /// transactions.
  void apply(const protocol::NoOpRecord&) {}
  void apply(const protocol::ZkMigrationStateRecord&) {}
  void apply(const protocol::BeginTransactionRecord&) {}
  void apply(const protocol::EndTransactionRecord&) {}
  void apply(const protocol::AbortTransactionRecord&) {}

  // In the order of a snapshot; other families stand between them.
  void appendControllers(std::vector<protocol::MetadataRecord>& records) const;
  void appendClientQuotas(std::vector<protocol::MetadataRecord>& records) const;
  void appendSecurity(std::vector<protocol::MetadataRecord>& records) const;

  bool operator==(const KeptRecords&) const = default;

 private:
  /// Entity types with their names (none: the default of the type), and the quota's key.
  using ClientQuotaKey = std::pair<std::map<std::string, std::optional<std::string>>, std::string>;

  std::map<int32_t, protocol::RegisterControllerRecord> m_controllers;
  std::map<ClientQuotaKey, protocol::ClientQuotaRecord> m_clientQuotas;
  std::map<base::Uuid, protocol::AccessControlEntryRecord> m_acls;
  std::map<std::pair<int8_t, std::string>, protocol::UserScramCredentialRecord> m_scramCredentials;
  std::map<std::string, protocol::DelegationTokenRecord> m_delegationTokens;
};

}  // namespace streamscope::controller
