//! Pictures on disk: which there are, how large, and what is in them.

use std::path::{Path, PathBuf};
use std::{fs, io};

use paceline_core::ItemError;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;

/// A file that its name calls a picture.
#[derive(Debug)]
pub(crate) struct PictureFile {
    path: PathBuf,
    /// What its pixels take as RGB; 0 when its header cannot be read.
    pixel_bytes: u64,
}

/// A decoded picture: rows of RGB, three bytes a pixel, without padding.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) rgb: Vec<u8>,
}

/// The pictures of a folder (`.jpg`, `.jpeg`, `.png`, in any case), in order of their names' bytes.
///
/// Only headers are read. A file without a usable one is kept, so that its items fail with its name
/// rather than the others move up unseen.
pub(crate) fn pictures_in(folder: &Path) -> io::Result<Vec<PictureFile>> {
    let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.retain(|path| is_named_as_picture(path) && !path.is_dir());
    paths.sort();
    Ok(paths.into_iter().map(PictureFile::new).collect())
}

impl PictureFile {
    fn new(path: PathBuf) -> Self {
        let pixel_bytes = imagesize::size(&path).map_or(0, |size| {
            // A header may claim anything; an estimate beyond all memory says enough.
            [size.width as u64, size.height as u64].into_iter().fold(3, u64::saturating_mul)
        });
        Self { path, pixel_bytes }
    }

    /// What the decoded pixels will take, in bytes; 0 when the header cannot be read.
    pub(crate) fn pixel_bytes(&self) -> u64 {
        self.pixel_bytes
    }

    /// Where the file is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Decodes the file. Its content decides the format, not its name.
    ///
    /// While it runs, the decoder holds the file and, for progressive JPEG, coefficients of up to twice
    /// the size of the pixels; all of it is gone on return.
    pub(crate) fn decode(&self) -> Result<Picture, ItemError> {
        let because = |action: &str, error: &dyn std::fmt::Display| {
            ItemError::new(format_args!("{action} {}: {error}", self.path.display()))
        };
        let file = fs::read(&self.path).map_err(|error| because("read", &error))?;
        if file.starts_with(JPEG_SIGNATURE) {
            decode_jpeg(&file).map_err(|error| because("decode", &error))
        } else {
            decode_other(&file).map_err(|error| because("decode", &error))
        }
    }
}

const JPEG_SIGNATURE: &[u8] = &[0xff, 0xd8, 0xff];

fn decode_jpeg(file: &[u8]) -> Result<Picture, zune_jpeg::errors::DecodeErrors> {
    // Strict, since otherwise a truncated file passes for a whole one with a grey part, which decodes
    // faster than a picture. The format itself keeps either side below 65536, so no other limit is set.
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(usize::MAX)
        .set_max_height(usize::MAX)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(file), options);
    let rgb = decoder.decode()?;
    let (width, height) = decoder.info().map_or((0, 0), |info| (info.width, info.height));
    Ok(Picture { width: width.into(), height: height.into(), rgb })
}

fn decode_other(file: &[u8]) -> image::ImageResult<Picture> {
    let picture = image::load_from_memory(file)?.into_rgb8();
    let (width, height) = picture.dimensions();
    Ok(Picture { width, height, rgb: picture.into_raw() })
}

fn is_named_as_picture(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    let known = ["jpg", "jpeg", "png"];
    extension.is_some_and(|found| known.iter().any(|known| found.eq_ignore_ascii_case(known)))
}
