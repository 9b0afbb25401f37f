#include "controller/bootstrap.h"
#include "controller/metadata_image.h"

namespace streamscope::controller {

base::Status MetadataImage::apply(const protocol::FeatureLevelRecord& record) {
  // Level 0 is "not finalized".
  if (record.featureLevel == 0)
    m_features.erase(record.name);
  else
    m_features[record.name] = record.featureLevel;
  return {};
}

void MetadataImage::appendFeatures(std::vector<protocol::MetadataRecord>& records) const {
  // First the one that decides how the records after it are written.
  const auto metadataVersion = m_features.find(std::string(kMetadataVersionFeature));
  if (metadataVersion != m_features.end())
    records.emplace_back(protocol::FeatureLevelRecord{metadataVersion->first, metadataVersion->second});
  for (const auto& [name, level] : m_features)
    if (name != kMetadataVersionFeature) records.emplace_back(protocol::FeatureLevelRecord{name, level});
}

}  // namespace streamscope::controller
