#include "controller/metadata_image.h"

namespace streamscope::controller {

namespace {

/// A snapshot says only which ids are taken, not who took them (Kafka: ProducerIdsImage.write).
constexpr int32_t kNobody = -1;

}  // namespace

base::Status MetadataImage::apply(const protocol::ProducerIdsRecord& record) {
  if (record.nextProducerId <= m_nextProducerId)
    return base::fail(base::ErrorCode::CORRUPT_MESSAGE, "producer ids go back from " +
                                                            std::to_string(m_nextProducerId) + " to " +
                                                            std::to_string(record.nextProducerId));
  m_nextProducerId = record.nextProducerId;
  return {};
}

void MetadataImage::appendProducerIds(std::vector<protocol::MetadataRecord>& records) const {
  if (m_nextProducerId > 0) records.emplace_back(protocol::ProducerIdsRecord{kNobody, kNobody, m_nextProducerId});
}

}  // namespace streamscope::controller
