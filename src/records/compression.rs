//! Compressed files, known by their first bytes. Streams that are put one behind the other
//! are read to the end of the last.

use std::io::{self, BufRead, Read};
use std::path::Path;

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    Gzip,
    Zstd,
    Xz,
    Bzip2,
}

/// Name, extensions and first bytes of each.
const KNOWN: &[(Compression, &str, &[&str], &[u8])] = &[
    (Compression::Gzip, "gzip", &["gz", "gzip"], b"\x1f\x8b\x08"),
    (
        Compression::Zstd,
        "zstd",
        &["zst", "zstd"],
        b"\x28\xb5\x2f\xfd",
    ),
    (Compression::Xz, "xz", &["xz"], b"\xfd7zXZ\0"),
    (Compression::Bzip2, "bzip2", &["bz2", "bzip2"], b"BZh"),
];

/// Of a bzip2 stream, behind `BZh` and the level: the first block, or that there is none.
const BZIP2_BLOCKS: [&[u8]; 2] = [b"1AY&SY", b"\x17rE8P\x90"];

impl Compression {
    /// The compression that the extension of a path stands for.
    pub(super) fn from_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_lowercase();
        KNOWN
            .iter()
            .find(|(_, _, extensions, _)| extensions.contains(&extension.as_str()))
            .map(|&(compression, ..)| compression)
    }

    /// The compression that the first ten bytes of a file show.
    pub(super) fn from_head(head: &[u8]) -> Option<Self> {
        KNOWN
            .iter()
            .find(|(.., magic)| head.starts_with(magic))
            .map(|&(compression, ..)| compression)
            .filter(|&compression| {
                // `BZh` alone may begin a text.
                compression != Self::Bzip2
                    || head.get(4..10).is_some_and(|b| BZIP2_BLOCKS.contains(&b))
            })
    }

    pub(super) fn name(self) -> &'static str {
        KNOWN
            .iter()
            .find(|(compression, ..)| *compression == self)
            .map_or("", |&(_, name, ..)| name)
    }

    /// The path as it was before it was compressed: `a.csv` of `a.csv.gz`.
    pub(super) fn without_extension(path: &Path) -> &Path {
        match (Self::from_path(path), path.file_stem()) {
            (Some(_), Some(stem)) => Path::new(stem),
            _ => path,
        }
    }

    /// What the stream holds.
    pub(super) fn unpack(
        self,
        bytes: impl BufRead + Send + 'static,
    ) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self {
            Self::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(bytes)),
            Self::Zstd => Box::new(zstd::Decoder::with_buffer(bytes)?),
            Self::Xz => Box::new(lzma_rust2::XzReader::new_mem_limit(bytes, true, XZ_MEMORY)),
            Self::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(bytes)),
        })
    }
}

/// In KiB: what unpacking may ask for. The highest level of xz asks for 65 MiB.
const XZ_MEMORY: u32 = 256 << 10;
