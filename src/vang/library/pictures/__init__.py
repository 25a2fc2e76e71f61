"""Pictures made fit for pages: upright, small, without what the camera wrote into them."""
