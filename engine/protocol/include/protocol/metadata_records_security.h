#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

// Records of the metadata log about who may do what and how much of it: access control, credentials, delegation
// tokens and quotas.

/// How a user proves who it is with SCRAM; the password itself is nowhere.
struct UserScramCredentialRecord {
  static constexpr MessageInfo kInfo{"UserScramCredentialRecord", 11, 0, 0, 0};

  std::string name;
  /// 1: SCRAM-SHA-256; 2: SCRAM-SHA-512.
  int8_t mechanism = 0;
  base::SharedBytes salt;
  base::SharedBytes storedKey;
  base::SharedBytes serverKey;
  int32_t iterations = 0;

  bool operator==(const UserScramCredentialRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Name", &UserScramCredentialRecord::name, since(0));
    visit("Mechanism", &UserScramCredentialRecord::mechanism, since(0));
    visit("Salt", &UserScramCredentialRecord::salt, since(0));
    visit("StoredKey", &UserScramCredentialRecord::storedKey, since(0));
    visit("ServerKey", &UserScramCredentialRecord::serverKey, since(0));
    visit("Iterations", &UserScramCredentialRecord::iterations, since(0));
  }
};

/// A credential was removed.
struct RemoveUserScramCredentialRecord {
  static constexpr MessageInfo kInfo{"RemoveUserScramCredentialRecord", 22, 0, 0, 0};

  std::string name;
  int8_t mechanism = 0;

  bool operator==(const RemoveUserScramCredentialRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Name", &RemoveUserScramCredentialRecord::name, since(0));
    visit("Mechanism", &RemoveUserScramCredentialRecord::mechanism, since(0));
  }
};

/// A delegation token was created or renewed.
struct DelegationTokenRecord {
  static constexpr MessageInfo kInfo{"DelegationTokenRecord", 10, 0, 0, 0};

  std::string owner;
  std::string requester;
  std::vector<std::string> renewers;
  int64_t issueTimestamp = 0;
  int64_t maxTimestamp = 0;
  int64_t expirationTimestamp = 0;
  std::string tokenId;

  bool operator==(const DelegationTokenRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Owner", &DelegationTokenRecord::owner, since(0));
    visit("Requester", &DelegationTokenRecord::requester, since(0));
    visit("Renewers", &DelegationTokenRecord::renewers, since(0));
    visit("IssueTimestamp", &DelegationTokenRecord::issueTimestamp, since(0));
    visit("MaxTimestamp", &DelegationTokenRecord::maxTimestamp, since(0));
    visit("ExpirationTimestamp", &DelegationTokenRecord::expirationTimestamp, since(0));
    visit("TokenId", &DelegationTokenRecord::tokenId, since(0));
  }
};

/// A delegation token expired.
struct RemoveDelegationTokenRecord {
  static constexpr MessageInfo kInfo{"RemoveDelegationTokenRecord", 26, 0, 0, 0};

  std::string tokenId;

  bool operator==(const RemoveDelegationTokenRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("TokenId", &RemoveDelegationTokenRecord::tokenId, since(0));
  }
};

/// An ACL was created.
struct AccessControlEntryRecord {
  static constexpr MessageInfo kInfo{"AccessControlEntryRecord", 18, 0, 0, 0};

  base::Uuid id;
  /// Numbers of Kafka's ResourceType, PatternType, AclOperation and AclPermissionType.
  int8_t resourceType = 0;
  std::string resourceName;
  int8_t patternType = 0;
  std::string principal;
  std::string host;
  int8_t operation = 0;
  int8_t permissionType = 0;

  bool operator==(const AccessControlEntryRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Id", &AccessControlEntryRecord::id, since(0));
    visit("ResourceType", &AccessControlEntryRecord::resourceType, since(0));
    visit("ResourceName", &AccessControlEntryRecord::resourceName, since(0));
    visit("PatternType", &AccessControlEntryRecord::patternType, since(0));
    visit("Principal", &AccessControlEntryRecord::principal, since(0));
    visit("Host", &AccessControlEntryRecord::host, since(0));
    visit("Operation", &AccessControlEntryRecord::operation, since(0));
    visit("PermissionType", &AccessControlEntryRecord::permissionType, since(0));
  }
};

/// An ACL was deleted.
struct RemoveAccessControlEntryRecord {
  static constexpr MessageInfo kInfo{"RemoveAccessControlEntryRecord", 19, 0, 0, 0};

  base::Uuid id;

  bool operator==(const RemoveAccessControlEntryRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Id", &RemoveAccessControlEntryRecord::id, since(0));
  }
};

/// A quota of users, clients or addresses was set or removed.
struct ClientQuotaRecord {
  static constexpr MessageInfo kInfo{"ClientQuotaRecord", 14, 0, 0, 0};

  struct EntityData {
    std::string entityType;
    /// Null: the default entity.
    std::optional<std::string> entityName;

    bool operator==(const EntityData&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("EntityType", &EntityData::entityType, since(0));
      visit("EntityName", &EntityData::entityName, since(0).nullable());
    }
  };

  std::vector<EntityData> entity;
  std::string key;
  /// Of no meaning when the quota is removed.
  double value = 0;
  bool remove = false;

  bool operator==(const ClientQuotaRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Entity", &ClientQuotaRecord::entity, since(0));
    visit("Key", &ClientQuotaRecord::key, since(0));
    visit("Value", &ClientQuotaRecord::value, since(0));
    visit("Remove", &ClientQuotaRecord::remove, since(0));
  }
};

}  // namespace streamscope::protocol
