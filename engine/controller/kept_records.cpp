#include "controller/kept_records.h"

namespace streamscope::controller {

namespace {

template <class Key, class Record>
void appendAll(const std::map<Key, Record>& from, std::vector<protocol::MetadataRecord>& records) {
  for (const auto& [key, record] : from) records.emplace_back(record);
}

}  // namespace

void KeptRecords::apply(const protocol::RegisterControllerRecord& record) {
  m_controllers[record.controllerId] = record;
}

void KeptRecords::apply(const protocol::ClientQuotaRecord& record) {
  ClientQuotaKey key;
  for (const auto& entity : record.entity) key.first[entity.entityType] = entity.entityName;
  key.second = record.key;
  if (record.remove)
    m_clientQuotas.erase(key);
  else
    m_clientQuotas[key] = record;
}

void KeptRecords::apply(const protocol::AccessControlEntryRecord& record) {
  m_acls[record.id] = record;
}

void KeptRecords::apply(const protocol::RemoveAccessControlEntryRecord& record) {
  m_acls.erase(record.id);
}

void KeptRecords::apply(const protocol::UserScramCredentialRecord& record) {
  m_scramCredentials[{record.mechanism, record.name}] = record;
}

void KeptRecords::apply(const protocol::RemoveUserScramCredentialRecord& record) {
  m_scramCredentials.erase({record.mechanism, record.name});
}

void KeptRecords::apply(const protocol::DelegationTokenRecord& record) {
  m_delegationTokens[record.tokenId] = record;
}

void KeptRecords::apply(const protocol::RemoveDelegationTokenRecord& record) {
  m_delegationTokens.erase(record.tokenId);
}

void KeptRecords::appendControllers(std::vector<protocol::MetadataRecord>& records) const {
  appendAll(m_controllers, records);
}

void KeptRecords::appendClientQuotas(std::vector<protocol::MetadataRecord>& records) const {
  appendAll(m_clientQuotas, records);
}

void KeptRecords::appendSecurity(std::vector<protocol::MetadataRecord>& records) const {
  appendAll(m_acls, records);
  appendAll(m_scramCredentials, records);
  appendAll(m_delegationTokens, records);
}

}  // namespace streamscope::controller
