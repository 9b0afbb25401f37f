#include "base/assert.h"
#include "controller/metadata_image.h"

namespace streamscope::controller {

void MetadataImage::apply(const protocol::ProducerIdsRecord& record) {
  STREAMSCOPE_ASSERT(record.nextProducerId > m_nextProducerId, std::to_string(record.nextProducerId));
  m_nextProducerId = record.nextProducerId;
}

}  // namespace streamscope::controller
