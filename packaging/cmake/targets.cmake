# How a target of this project is made: strict warnings, sanitizers, one include root for each engine folder.

add_library(streamscope_options INTERFACE)
if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
  target_compile_options(streamscope_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
    -Wold-style-cast -Wcast-qual -Wimplicit-fallthrough)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # False alarms of GCC 12 at -O2 and above, inside std::string and std::variant.
    target_compile_options(streamscope_options INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
  endif()
  if(STREAMSCOPE_WARNINGS_AS_ERRORS)
    target_compile_options(streamscope_options INTERFACE -Werror)
  endif()
elseif(MSVC)
  target_compile_options(streamscope_options INTERFACE /W4 /utf-8 /permissive-)
endif()
if(STREAMSCOPE_SANITIZE)
  target_compile_options(streamscope_options INTERFACE
    -fsanitize=${STREAMSCOPE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(streamscope_options INTERFACE -fsanitize=${STREAMSCOPE_SANITIZE})
endif()

# streamscope_engine_library(NAME SOURCES ... [PUBLIC libs] [PRIVATE libs])
# One static library per engine folder: headers under include/NAME/, which is the only include root it exposes.
function(streamscope_engine_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(streamscope_${name} STATIC ${arg_SOURCES})
  add_library(streamscope::${name} ALIAS streamscope_${name})
  target_include_directories(streamscope_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/include)
  target_link_libraries(streamscope_${name} PUBLIC ${arg_PUBLIC} PRIVATE streamscope_options ${arg_PRIVATE})
endfunction()

# Qt 6.4's moc stumbles over libstdc++'s visibility macro when a standard header comes before the first Qt header.
set(CMAKE_AUTOMOC_MOC_OPTIONS "-D_GLIBCXX_VISIBILITY=")
