package import Catalogue
package import Transport

extension TripGround {
  /// Cities with what there is to see and where one can stay.
  package var places: CatalogueTables { catalogue }
  /// What finds journeys.
  package var journeys: Router { router }
}
