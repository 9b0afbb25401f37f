#include "controller/metadata_image.h"

namespace streamscope::controller {

void MetadataImage::apply(const protocol::FeatureLevelRecord& record) {
  // Level 0 is "not finalized".
  if (record.featureLevel == 0)
    m_features.erase(record.name);
  else
    m_features[record.name] = record.featureLevel;
}

void MetadataImage::apply(const protocol::NoOpRecord&) {}

}  // namespace streamscope::controller
