#include "controller/metadata_image.h"

#include <utility>
#include <variant>

#include "base/assert.h"

namespace streamscope::controller {

const BrokerRegistration* MetadataImage::findBroker(base::BrokerId id) const {
  const auto found = m_brokers.find(id);
  return found == m_brokers.end() ? nullptr : &found->second;
}

const TopicImage* MetadataImage::findTopic(const base::Uuid& id) const {
  const auto found = m_topics.find(id);
  return found == m_topics.end() ? nullptr : &found->second;
}

const TopicImage* MetadataImage::findTopic(const std::string& name) const {
  const auto found = m_topicIds.find(name);
  return found == m_topicIds.end() ? nullptr : findTopic(found->second);
}

const PartitionRegistration* MetadataImage::findPartition(const std::string& topic, base::PartitionId partition) const {
  const TopicImage* image = findTopic(topic);
  if (image == nullptr) return nullptr;
  const auto found = image->partitions.find(partition);
  return found == image->partitions.end() ? nullptr : &found->second;
}

const std::map<std::string, std::string>& MetadataImage::topicConfigs(const std::string& topic) const {
  return configs(ConfigResourceType::Topic, topic);
}

const std::map<std::string, std::string>& MetadataImage::configs(ConfigResourceType type,
                                                                 const std::string& name) const {
  static const std::map<std::string, std::string> kNone;
  const auto found = m_configs.find({static_cast<int8_t>(type), name});
  return found == m_configs.end() ? kNone : found->second;
}

void MetadataImage::replay(const protocol::MetadataRecord& record) {
  const base::Status replayed = tryReplay(record);
  STREAMSCOPE_ASSERT(replayed.has_value(), replayed ? std::string() : replayed.error().message);
}

base::Status MetadataImage::tryReplay(const protocol::MetadataRecord& record) {
  if (std::holds_alternative<protocol::BeginTransactionRecord>(record)) {
    if (m_transaction)
      return base::fail(base::ErrorCode::CORRUPT_MESSAGE, "BeginTransactionRecord inside a transaction");
    m_transaction.emplace();
    return {};
  }
  if (std::holds_alternative<protocol::EndTransactionRecord>(record)) return endTransaction();
  if (std::holds_alternative<protocol::AbortTransactionRecord>(record)) {
    m_transaction.reset();
    return {};
  }
  if (!m_transaction) return applyOutsideTransaction(record);
  m_transaction->push_back(record);
  return {};
}

base::Status MetadataImage::endTransaction() {
  if (!m_transaction) return base::fail(base::ErrorCode::CORRUPT_MESSAGE, "EndTransactionRecord without a transaction");
  const std::vector<protocol::MetadataRecord> records = std::move(*m_transaction);
  m_transaction.reset();
  for (const protocol::MetadataRecord& record : records)
    if (const base::Status applied = applyOutsideTransaction(record); !applied) return applied;
  return {};
}

base::Status MetadataImage::applyOutsideTransaction(const protocol::MetadataRecord& record) {
  return std::visit([this](const auto& each) { return apply(each); }, record);
}

std::vector<protocol::MetadataRecord> MetadataImage::toRecords() const {
  STREAMSCOPE_ASSERT(!m_transaction, std::to_string(m_offset));
  std::vector<protocol::MetadataRecord> records;
  appendFeatures(records);
  appendBrokers(records);
  m_keptRecords.appendControllers(records);
  appendTopics(records);
  appendConfigs(records);
  m_keptRecords.appendClientQuotas(records);
  appendProducerIds(records);
  m_keptRecords.appendSecurity(records);
  return records;
}

}  // namespace streamscope::controller
